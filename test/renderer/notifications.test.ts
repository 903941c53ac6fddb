import { notifications, notificationsStore } from '@mantine/notifications';
import { expect, it } from 'vitest';
import '../../renderer/components/notifications.ts';

it('a new message is shown at once, and the oldest goes', () => {
  notificationsStore.setState({ ...notificationsStore.getState(), limit: 3 });
  const closed: string[] = [];
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    notifications.show({ id, message: id, onClose: () => closed.push(id) });
  const { notifications: shown, queue } = notificationsStore.getState();
  expect(shown.map(({ id }) => id)).toEqual(['c', 'd', 'e']);
  expect(queue).toEqual([]);
  expect(closed).toEqual(['a', 'b']);
});
