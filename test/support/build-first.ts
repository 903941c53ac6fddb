import { buildIfNeeded } from '../../build/build.ts';

/** Specs run the built product: it is built once, before them. */
export default buildIfNeeded;
