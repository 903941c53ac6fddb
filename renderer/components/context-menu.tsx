import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';

interface ContextMenuProps {
  /** What the menu is for, as a screen reader says it. */
  label: string;
  /** Where it opens, in pixels of the window. */
  at: { x: number; y: number };
  onClose: () => void;
  children: ReactNode;
}

/** A menu at a point of the window, which opens by a right click or a key. */
export function ContextMenu({ label, at, onClose, children }: ContextMenuProps) {
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={0}
      shadow="md"
      width={220}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <span aria-hidden="true" style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>{children}</Menu.Dropdown>
    </Menu>
  );
}
