import { Kbd, Menu } from '@mantine/core';
import { ContextMenu } from '../../components/context-menu.tsx';

interface ColumnMenuProps {
  /** Where it opens, in pixels of the window. */
  at: { x: number; y: number };
  name: string;
  canMoveLeft: boolean;
  canMoveRight: boolean;
  /** Whether its width was chosen. */
  isSized: boolean;
  onMove: (isLeft: boolean) => void;
  onResize: (isWider: boolean) => void;
  onUsual: () => void;
  /** Null: the column is always shown. */
  onHide: (() => void) | null;
  onClose: () => void;
}

/** The context menu of a column's head, with the keys that do the same. */
export function ColumnMenu(props: ColumnMenuProps) {
  const { at, name, onMove, onResize, onHide } = props;
  return (
    <ContextMenu label={`Column ${name}`} at={at} onClose={props.onClose}>
      <Menu.Item disabled={!props.canMoveLeft} rightSection={<Kbd>Shift ←</Kbd>} onClick={() => onMove(true)}>
        Move left
      </Menu.Item>
      <Menu.Item
        disabled={!props.canMoveRight}
        rightSection={<Kbd>Shift →</Kbd>}
        onClick={() => onMove(false)}
      >
        Move right
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item closeMenuOnClick={false} rightSection={<Kbd>Alt →</Kbd>} onClick={() => onResize(true)}>
        Wider
      </Menu.Item>
      <Menu.Item closeMenuOnClick={false} rightSection={<Kbd>Alt ←</Kbd>} onClick={() => onResize(false)}>
        Narrower
      </Menu.Item>
      <Menu.Item disabled={!props.isSized} onClick={props.onUsual}>
        Usual width
      </Menu.Item>
      {onHide && (
        <>
          <Menu.Divider />
          <Menu.Item onClick={onHide}>Hide column</Menu.Item>
        </>
      )}
    </ContextMenu>
  );
}
