import { Kbd, Modal, Table } from '@mantine/core';
import { useReturnFocus } from '../lib/use-return-focus.ts';

const keys: [keys: string[], what: string][] = [
  [['Ctrl', 'K'], 'Open the command palette'],
  [['/'], 'Search'],
  [['↑', '↓'], 'Move in the list'],
  [['Enter'], 'Open the host, again to go into its page; fold or open a group (also ← and →)'],
  [['Shift', 'F10'], 'Open the menu of the row (also the menu key)'],
  [['Esc'], 'Clear selection, close host, clear search'],
  [['X'], 'Select the host, with Shift everything up to it (also Space)'],
  [['Ctrl', 'A'], 'Select all in the list'],
  [['C'], 'Check'],
  [['E'], 'Edit'],
  [['T'], 'Tags'],
  [['A'], 'Accept the worst problem, or that of an alert'],
  [['P'], 'Pause or resume'],
  [['Y'], 'Copy the certificate as PEM'],
  [['Del'], 'Delete'],
  [['Ctrl', 'Z'], 'Undo what was done last, for ten seconds'],
  [['K'], 'Acknowledge the alert'],
  [['S'], 'Snooze the alert'],
  [['N'], 'Add hosts'],
  [['G', 'H'], 'Go to hosts (G A: alerts, G D: discover, G S: settings)'],
  [['Shift', '←'], 'On the head of a column: move it (also →); with Alt: change its width'],
  [['['], 'Collapse or show the sidebar'],
  [['?'], 'Show keyboard shortcuts'],
];

/** Lists the keys of the page. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  useReturnFocus();
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts">
      <Table>
        <Table.Tbody>
          {keys.map(([pressed, what]) => (
            <Table.Tr key={what}>
              <Table.Td>
                {pressed.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
