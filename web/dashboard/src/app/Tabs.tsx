import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import css from './Tabs.module.css';

export interface Tab {
  to: string;
  label: string;
  exact?: boolean;
  count?: number;
}

/** Tabs that are pages: links, so that they can be opened, shared and gone back to. `within`: of one of them, a row below. */
export function Tabs({ label, tabs, within }: { label: string; tabs: Tab[]; within?: boolean }) {
  const nav = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (s) => s.location.pathname });
  useEffect(() => {
    // Where they do not fit beside each other, the one that is shown is in sight.
    const shown = nav.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (shown) nav.current!.scrollLeft = shown.offsetLeft - (nav.current!.clientWidth - shown.offsetWidth) / 2;
  }, [pathname]);
  return (
    <nav className={within ? css.within : css.tabs} aria-label={label} ref={nav}>
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
