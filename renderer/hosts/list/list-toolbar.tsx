import { memo } from 'react';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/late-menu.tsx';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import classes from '../jobs-view.module.css';
import type { ListToolbarProps } from './toolbar-menus.tsx';

const IssuerItems = lazyComponent(async () => (await import('./toolbar-menus.tsx')).IssuerItems);
const ViewItems = lazyComponent(async () => (await import('./toolbar-menus.tsx')).ViewItems);

/** Filters the list, sorts it, and chooses its columns. What is in the menus loads after the first rows. */
export const ListToolbar = memo(function Toolbar(props: ListToolbarProps) {
  return (
    <div className={classes['toolbar']}>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default">Issuer ▾</Button>
        </Menu.Target>
        <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
          <IssuerItems jobs={props.jobs} onFilter={props.onFilter} />
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end" shadow="md" closeOnItemClick={false}>
        <Menu.Target>
          <Button variant="default">View ▾</Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          <ViewItems {...props} />
        </Menu.Dropdown>
      </Menu>
    </div>
  );
});
