import type { Menu as MantineMenu, MenuProps } from '@mantine/core';
import { Children, cloneElement, isValidElement, type ReactElement, use, useEffect, useState } from 'react';
import { lateStyles, loadWhenIdle } from '../lib/lazy-component.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import { loadMantine, StylingContext } from '../lib/styling.ts';

type Loaded = typeof MantineMenu;
type Button = ReactElement<{ onClick?: () => void; 'aria-haspopup'?: 'menu'; autoFocus?: boolean }>;

/** Mantine's menu with what it floats by is a tenth of the page, and shows nothing before it is opened. */
let loaded: Loaded | null = null;
let loading: Promise<void> | null = null;

function fetchMenu(): Promise<void> {
  loading ??= Promise.all([lateStyles(), loadMantine(), import('./mantine-menu.ts')]).then(
    ([, , module]) => {
      loaded = module.Menu;
    },
    (error: unknown) => {
      loading = null; // The next click tries again.
      throw error;
    },
  );
  return loading;
}
loadWhenIdle(fetchMenu);

/** Until it is opened for the first time there is its button alone. */
function LateMenu({ children, ...props }: MenuProps) {
  const styling = use(StylingContext);
  const [isAsked, setAsked] = useState(false);
  const ask = () => void reportFailure(fetchMenu(), 'Could not load the menu').then(setAsked);
  if (isAsked && loaded && styling)
    return (
      <styling.Provide styling={styling}>
        <OpenedMenu menu={loaded} {...props}>
          {children}
        </OpenedMenu>
      </styling.Provide>
    );
  const button = buttonOf(Children.toArray(children)[0]);
  return cloneElement(button, { onClick: ask, 'aria-haspopup': 'menu' });
}

/** Opens once its button is there and has the focus, so that the focus returns to it. */
function OpenedMenu({ menu: Late, ...props }: MenuProps & { menu: Loaded }) {
  const [opened, setOpened] = useState(false);
  useEffect(() => setOpened(true), []);
  return <Late opened={opened} onChange={setOpened} {...props} />;
}

/** The button inside a target. */
function buttonOf(target: unknown): Button {
  const child = isValidElement<{ children: unknown }>(target) ? target.props.children : null;
  if (!isValidElement(child)) throw new Error('A menu begins with its target, which holds one button.');
  return child as Button; // SAFETY: what opens a menu is a button (Menu.Target's documentation).
}

function LateTarget({ children }: { children: ReactElement }) {
  if (!loaded) return null;
  return <loaded.Target>{cloneElement(children as Button, { autoFocus: true })}</loaded.Target>; // SAFETY: as above.
}

const names = ['Dropdown', 'Item', 'Label', 'Divider', 'RadioGroup', 'RadioItem', 'CheckboxItem'] as const;

/** A part of the menu, which is drawn when the menu is open, and so loaded. */
function part(name: (typeof names)[number]) {
  return function MenuPart(props: object) {
    // SAFETY: the props are those of the part, by the type of `Menu` below.
    const Part = loaded?.[name] as React.ComponentType<object> | undefined;
    return Part && <Part {...props} />;
  };
}

/** Mantine's Menu, whose code loads when the page is idle or the menu is first opened. Uncontrolled, and its target comes first. */
export const Menu = Object.assign(LateMenu, {
  Target: LateTarget,
  ...Object.fromEntries(names.map((name) => [name, part(name)])),
  // SAFETY: each part hands its props on to the one of the same name.
}) as unknown as Pick<Loaded, 'Target' | (typeof names)[number]> & typeof LateMenu;
