import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { decisionsQuery } from '../api/queries.ts';
import { UserMenu } from '../features/Identity/UserMenu.tsx';
import { WorkspaceMenu } from '../features/Tenants/WorkspaceMenu.tsx';
import { LiveProvider } from '../live/live.tsx';
import { LiveBadge } from '../live/LiveBadge.tsx';
import { StaleBanner } from '../live/StaleBanner.tsx';
import { OutboxHost } from '../offline/OutboxHost.tsx';
import { ColourSchemeSwitch } from './ColourSchemeSwitch.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { openPalette, PaletteHost } from './PaletteHost.tsx';
import css from './Shell.module.css';

const screens: { to: '/' | '/projects' | '/runs' | '/decisions' | '/administration'; label: string; short?: string; icon: IconName }[] = [
  { to: '/', label: 'Now', icon: 'now' },
  { to: '/projects', label: 'Projects', icon: 'projects' },
  { to: '/runs', label: 'Runs', icon: 'runs' },
  { to: '/decisions', label: 'Decisions', icon: 'decisions' },
  { to: '/administration', label: 'Administration', short: 'Admin', icon: 'administration' },
];

function Navigation() {
  const { data: decisions } = useQuery(decisionsQuery);
  const waiting = decisions?.length ?? 0;
  return (
    <nav className={css.nav} aria-label="Screens">
      <ul>
        {screens.map(({ to, label, short, icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === '/' }} className={css.link} activeProps={{ 'aria-current': 'page' }}>
              <Icon name={icon} size={19} />
              <span className={css.long}>{label}</span>
              <span className={css.short} aria-hidden="true">
                {short ?? label}
              </span>
              {to === '/decisions' && waiting > 0 && (
                <span className={css.count}>
                  <span aria-hidden="true">{waiting}</span>
                  <span className="sr-only">{waiting} waiting</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A new page is announced by moving focus to its heading's container, as a full page load would. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (s) => s.location.pathname });
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current.split('/').slice(0, 3).join('/') !== pathname.split('/').slice(0, 3).join('/'))
      main.current?.focus({ preventScroll: true });
    before.current = pathname;
  }, [pathname]);
  return main;
}

/** Who has not signed in yet sees no screens, and nothing is asked for on their behalf. */
const bare = (pathname: string) => pathname.startsWith('/sign-in');

export function Root() {
  const outside = useRouterState({ select: (s) => bare(s.location.pathname) });
  if (outside)
    return (
      <main id="main">
        <Outlet />
      </main>
    );
  return (
    <LiveProvider>
      <Shell />
    </LiveProvider>
  );
}

function Shell() {
  const main = useFocusOnNavigation();
  return (
    <div className={css.shell}>
      <a
        className={css.skip}
        href="#main"
        onClick={(e) => {
          e.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className={css.side}>
        <Link to="/" className={css.brand} aria-label="ProdSprint, go to Now">
          <img src="/mark.svg" alt="" width={24} height={24} />
          <span>ProdSprint</span>
        </Link>
        <WorkspaceMenu />
        <Navigation />
        <div className={css.foot}>
          <OutboxHost />
          <LiveBadge />
          <div className={css.tools}>
            <UserMenu />
            <button type="button" className={css.tool} onClick={openPalette} aria-label="Go to… (Ctrl K)" title="Go to… (Ctrl K)">
              <Icon name="search" />
            </button>
            <ColourSchemeSwitch className={css.tool} />
          </div>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className={css.main}>
        <Outlet />
      </main>
      <StaleBanner />
      <PaletteHost />
    </div>
  );
}
