import { memo, type ReactNode, useMemo, useState } from 'react';
import { discoverHash } from '../../shared/ipc.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { SavedView } from '../../shared/schema/saved-view.ts';
import { digits } from '../../shared/text/words.ts';
import { useOpenAlerts } from '../alerts/use-open-alerts.ts';
import {
  BellIcon,
  BookmarkIcon,
  ClockIcon,
  GearIcon,
  ListIcon,
  Logo,
  RadarIcon,
  SidebarIcon,
  TagIcon,
} from '../components/icons.tsx';
import { Menu } from '../components/late-menu.tsx';
import { StatusMark } from '../components/status-mark.tsx';
import { filterQuery } from '../hosts/list/filter-address.ts';
import { countGroup, countTags, type Filter, groupWords, noFilter } from '../hosts/list/filters.ts';
import { useLaterSubjects } from '../lib/later-subjects.ts';
import { setPreferences, usePreferences } from '../lib/preferences.ts';
import { hostsHash, type PageRoute } from '../lib/use-route.ts';
import classes from './sidebar.module.css';

interface SidebarProps {
  /** Increases with every event about an alert. */
  alertsHeard: number;
  jobs: readonly JobView[];
  now: number;
  view: PageRoute['view'];
  /** The group and the tag that the list shows. */
  group: Filter['group'];
  tag: string | null;
  views: readonly SavedView[];
  /** The name of the saved view that the list shows; null: none. */
  shownView: string | null;
}

const tagsShown = 8;

const groupIcons: Readonly<Record<Filter['group'], ReactNode>> = {
  all: <ListIcon />,
  needy: <StatusMark mark="critical" label="" />,
  soon: <ClockIcon />,
  unreachable: <StatusMark mark="unreachable" label="" />,
  paused: <StatusMark mark="paused" label="" />,
  accepted: <StatusMark mark="accepted" label="" />,
};
// SAFETY: the record has exactly the groups, by its type.
const groups = Object.keys(groupIcons) as Filter['group'][];

/** Links to the views of the list, tags, alerts and settings. As a rail it shows icons and counts. */
export const Sidebar = memo(function SidebarNav(props: SidebarProps) {
  const { alertsHeard, jobs, now, view, views, shownView, ...shown } = props;
  const total = useOpenAlerts(alertsHeard);
  const openAlerts = total - useLaterSubjects().size;
  const { sidebar } = usePreferences();
  const [showsAll, setShowsAll] = useState(false);
  const tags = useMemo(() => countTags(jobs), [jobs]);
  // A key in the search box draws the page again, and changes none of these.
  const counts = useMemo(
    () => new Map(groups.map((group) => [group, countGroup(jobs, group, now)])),
    [jobs, now],
  );
  const isIn = (group: Filter['group'], tag: string | null) =>
    view === 'jobs' && shown.group === group && shown.tag === tag;
  // Most people never accept a problem: without one its view is no entry.
  const isListed = (group: Filter['group']) =>
    group !== 'accepted' || (counts.get(group) ?? 0) > 0 || isIn(group, null);
  const address = (chosen: Partial<Filter>) => hostsHash(null, filterQuery({ ...noFilter, ...chosen }, null));
  return (
    <nav className={classes['nav']} aria-label="Views" data-sidebar={sidebar}>
      <div className={classes['head']}>
        <h1 className={classes['name']}>
          <Logo />
          <span>NotAfter</span>
        </h1>
        <button
          type="button"
          className={classes['toggle']}
          aria-label={sidebar === 'rail' ? 'Show sidebar' : 'Collapse sidebar'}
          title={`${sidebar === 'rail' ? 'Show sidebar' : 'Collapse sidebar'} ([)`}
          onClick={() => setPreferences({ sidebar: sidebar === 'rail' ? 'full' : 'rail' })}
        >
          <SidebarIcon />
        </button>
      </div>
      {groups.filter(isListed).map((group) => (
        <Entry
          key={group}
          icon={groupIcons[group]}
          label={groupWords[group]}
          count={counts.get(group) ?? 0}
          isCurrent={isIn(group, null)}
          href={address({ group })}
        />
      ))}
      {views.length > 0 && (
        <>
          <h2 className={classes['heading']}>Saved views</h2>
          <div className={classes['tags']}>
            {views.map(({ name, query: saved }) => (
              <Entry
                key={name}
                icon={<BookmarkIcon />}
                label={name}
                isCurrent={view === 'jobs' && name === shownView}
                href={hostsHash(null, saved)}
              />
            ))}
          </div>
          <RailMenu
            title="Saved views"
            icon={<BookmarkIcon />}
            items={views.map(({ name, query: saved }) => ({ label: name, href: hostsHash(null, saved) }))}
          />
        </>
      )}
      {tags.length > 0 && (
        <>
          <h2 className={classes['heading']}>Tags</h2>
          <div className={classes['tags']}>
            {(showsAll ? tags : tags.slice(0, tagsShown)).map(([tag, count]) => (
              <Entry
                key={tag}
                icon={<TagIcon />}
                label={tag}
                count={count}
                isCurrent={isIn('all', tag)}
                href={address({ tag })}
              />
            ))}
            {tags.length > tagsShown && (
              <button
                type="button"
                className={classes['entry']}
                aria-expanded={showsAll}
                onClick={() => setShowsAll(!showsAll)}
              >
                <span className={classes['label']}>
                  {showsAll ? 'Fewer tags' : `All ${digits(tags.length)} tags…`}
                </span>
              </button>
            )}
          </div>
          <RailMenu
            title="Tags"
            icon={<TagIcon />}
            items={tags.map(([tag, count]) => ({ label: tag, count, href: address({ tag }) }))}
          />
        </>
      )}
      <div className={classes['end']}>
        <Entry
          icon={<BellIcon />}
          label="Alerts"
          {...(openAlerts > 0 ? { count: openAlerts } : {})}
          isCurrent={view === 'alerts'}
          href="#/alerts"
        />
        <Entry icon={<RadarIcon />} label="Discover" isCurrent={view === 'discover'} href={discoverHash} />
        <Entry icon={<GearIcon />} label="Settings" isCurrent={view === 'settings'} href="#/settings" />
      </div>
    </nav>
  );
});

interface RailMenuProps {
  title: string;
  icon: ReactNode;
  items: readonly { label: string; count?: number; href: string }[];
}

/** Links behind one icon, for the rail: a column of equal icons would not say which is which. */
function RailMenu({ title, icon, items }: RailMenuProps) {
  return (
    <div className={classes['tag-menu']}>
      <Menu position="right-start" shadow="md">
        <Menu.Target>
          <button
            type="button"
            className={classes['entry']}
            aria-label={`${title}: ${items.length}`}
            title={title}
          >
            {icon}
            <span className={classes['count']}>{digits(items.length)}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          {items.map(({ label, count, href }) => (
            <Menu.Item
              key={label}
              component="a"
              href={href}
              rightSection={count === undefined ? null : digits(count)}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

interface EntryProps {
  icon: ReactNode;
  label: string;
  count?: number;
  isCurrent: boolean;
  href: string;
}

function Entry({ icon, label, count, isCurrent, href }: EntryProps) {
  return (
    <a
      className={classes['entry']}
      href={href}
      title={count === undefined ? label : `${label}: ${digits(count)}`}
      aria-current={isCurrent ? 'page' : undefined}
    >
      {icon}
      <span className={classes['label']}>{label}</span>
      {count !== undefined && <span className={classes['count']}>{digits(count)}</span>}
    </a>
  );
}
