/** Every address of the dashboard, in a world as the stand-in makes it. */
export const pages: { name: string; path: string; shows: string }[] = [
  { name: 'now', path: '/', shows: 'Now' },
  { name: 'projects', path: '/projects', shows: 'Projects' },
  { name: 'canary', path: '/projects/shop', shows: 'v1.9.0' },
  { name: 'rolled-back', path: '/projects/shop/releases/40', shows: 'v1.8.1' },
  { name: 'first-plan', path: '/projects/newsletter', shows: 'The way to production' },
  { name: 'timeline', path: '/projects/shop/timeline', shows: 'Timeline' },
  { name: 'plan', path: '/projects/newsletter/plan', shows: 'Blockers' },
  { name: 'approved-plan', path: '/projects/shop/plan/6', shows: 'Plan 6' },
  { name: 'audit', path: '/projects/shop/audit', shows: 'Gaps' },
  { name: 'artifacts', path: '/projects/shop/artifacts', shows: 'shop' },
  { name: 'logs', path: '/projects/shop/logs', shows: 'shop' },
  { name: 'settings', path: '/projects/shop/settings', shows: 'Freeze windows' },
  { name: 'runs', path: '/runs', shows: 'Under way' },
  { name: 'decisions', path: '/decisions', shows: 'Approve plan 1 of newsletter' },
  { name: 'grains', path: '/administration', shows: 'Administration' },
  { name: 'jobs', path: '/administration/jobs', shows: 'Administration' },
  { name: 'job', path: `/administration/jobs/${encodeURIComponent('release/default/shop/40@9.1')}`, shows: 'deploy.stop' },
  { name: 'reminders', path: '/administration/reminders', shows: 'Administration' },
  { name: 'members', path: '/administration/members', shows: 'Members of default' },
  { name: 'audit-log', path: '/administration/audit-log', shows: 'Audit log' },
  { name: 'limits', path: '/administration/limits', shows: 'Limits of default' },
  { name: 'sessions', path: '/account', shows: 'Where you are signed in' },
  { name: 'invitation', path: '/invitations/accept#psi_0123456789', shows: 'Join default' },
  { name: 'nowhere', path: '/no/such/page', shows: '' },
];

export const views = [
  { name: 'light', colorScheme: 'light', width: 1360, height: 900 },
  { name: 'dark', colorScheme: 'dark', width: 1360, height: 900 },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
  { name: 'phone-dark', colorScheme: 'dark', width: 390, height: 844 },
] as const;
