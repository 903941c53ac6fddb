import { notifications, notificationsStore } from '@mantine/notifications';

// The library lets a new message wait until one of those that are shown closes. What a person does now is shown now: the oldest goes.
notificationsStore.subscribe(({ queue, notifications: [oldest] }) => {
  if (queue.length > 0 && oldest?.id !== undefined) notifications.hide(oldest.id);
});

/** In a separate module, so that the first rows do not wait for it. */
export { Notifications, notifications } from '@mantine/notifications';
