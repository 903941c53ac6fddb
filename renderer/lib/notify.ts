import type { NotificationData } from '@mantine/notifications';

/** Loads after the first rows, which show no message. */
const load = () => import('../components/notifications.ts');

/** Shows a message in the corner of the page. */
export function notify(message: NotificationData): void {
  load().then(
    ({ notifications }) => notifications.show(message),
    () => undefined, // The service went away before all was loaded, which the banner says.
  );
}

/** Hides a message. @param id what it was shown with */
export function hideMessage(id: string): void {
  load().then(
    ({ notifications }) => notifications.hide(id),
    () => undefined, // Then it was never shown.
  );
}
