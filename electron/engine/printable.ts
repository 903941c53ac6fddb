export { printable } from '../../shared/text/foreign-text.ts';
