import type { JobView } from '../../shared/schema/job.ts';
import { useAlerts } from '../alerts/use-alerts.ts';
import { BellIcon, GearIcon, ListIcon, Logo, TagIcon } from '../components/icons.tsx';
import { StatusMark } from '../components/status-mark.tsx';
import { countGroup, countTags, type Filter, noFilter } from '../hosts/list/filters.ts';
import type { Route } from '../lib/use-route.ts';
import classes from './sidebar.module.css';

interface SidebarProps {
  /** Increases with every event about an alert. */
  alertsHeard: number;
  jobs: readonly JobView[];
  route: Route;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

const tagsShown = 12;

export function Sidebar({ alertsHeard, jobs, route, filter, onFilter }: SidebarProps) {
  const { total: openAlerts } = useAlerts(true, 1, alertsHeard);
  const isIn = (group: Filter['group'], tag: string | null = null) =>
    route.view === 'jobs' && filter.group === group && filter.tag === tag;
  const choose = (chosen: Partial<Filter>) => ({
    href: '#/',
    onClick: () => onFilter({ ...noFilter, ...chosen }),
  });
  const tags = countTags(jobs).slice(0, tagsShown);
  return (
    <nav className={classes['nav']} aria-label="Views">
      <h1 className={classes['name']}>
        <Logo />
        <span>NotAfter</span>
      </h1>
      <Entry
        icon={<ListIcon />}
        label="All hosts"
        count={jobs.length}
        isCurrent={isIn('all')}
        {...choose({})}
      />
      <Entry
        icon={<StatusMark mark="critical" label="" />}
        label="Needs attention"
        count={countGroup(jobs, 'needy')}
        isCurrent={isIn('needy')}
        {...choose({ group: 'needy' })}
      />
      <Entry
        icon={<StatusMark mark="unreachable" label="" />}
        label="Unreachable"
        count={countGroup(jobs, 'unreachable')}
        isCurrent={isIn('unreachable')}
        {...choose({ group: 'unreachable' })}
      />
      <Entry
        icon={<StatusMark mark="paused" label="" />}
        label="Paused"
        count={countGroup(jobs, 'paused')}
        isCurrent={isIn('paused')}
        {...choose({ group: 'paused' })}
      />
      {tags.length > 0 && <h2 className={classes['heading']}>Tags</h2>}
      {tags.map(([tag, count]) => (
        <Entry
          key={tag}
          icon={<TagIcon />}
          label={tag}
          count={count}
          isCurrent={isIn('all', tag)}
          {...choose({ tag })}
        />
      ))}
      <div className={classes['end']}>
        <Entry
          icon={<BellIcon />}
          label="Alerts"
          {...(openAlerts > 0 ? { count: openAlerts } : {})}
          isCurrent={route.view === 'alerts'}
          href="#/alerts"
        />
        <Entry icon={<GearIcon />} label="Settings" isCurrent={route.view === 'settings'} href="#/settings" />
      </div>
    </nav>
  );
}

interface EntryProps {
  icon: React.ReactNode;
  label: string;
  count?: number;
  isCurrent: boolean;
  href: string;
  onClick?: () => void;
}

function Entry({ icon, label, count, isCurrent, href, onClick }: EntryProps) {
  return (
    <a
      className={classes['entry']}
      href={href}
      onClick={onClick}
      title={count === undefined ? label : `${label}: ${count.toLocaleString('en')}`}
      aria-current={isCurrent ? 'page' : undefined}
    >
      {icon}
      <span className={classes['label']}>{label}</span>
      {count !== undefined && <span className={classes['count']}>{count.toLocaleString('en')}</span>}
    </a>
  );
}
