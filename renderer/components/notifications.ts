/** In a separate module, so that the first rows do not wait for it. */
export { Notifications } from '@mantine/notifications';
