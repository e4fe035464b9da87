import { Link } from '@tanstack/react-router';
import css from './Tabs.module.css';

export interface Tab {
  to: string;
  label: string;
  exact?: boolean;
  count?: number;
}

/** Tabs that are pages: links, so that they can be opened, shared and gone back to. */
export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav className={css.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          activeOptions={{ exact: tab.exact ?? false }}
          className={css.tab}
          activeProps={{ 'aria-current': 'page' }}
        >
          {tab.label}
          {tab.count ? <span className={css.count}>{tab.count}</span> : null}
        </Link>
      ))}
    </nav>
  );
}
