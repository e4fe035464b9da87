/** A small set drawn on one 20-unit grid with one stroke, instead of a package of five thousand. */
const shapes = {
  now: 'M2.5 10h3l2.5-5.5 4 11 2.5-5.5h3',
  projects: 'M3 6.5 10 3l7 3.5-7 3.5zM3 10l7 3.5 7-3.5M3 13.5 10 17l7-3.5',
  runs: 'M5 4.5v11l9.5-5.5z',
  decisions: 'M4 11.5h3.5l1 2h3l1-2H16M4 11.5 5.5 4.5h9l1.5 7v4H4z',
  administration: 'M4 5.5h12M4 10h12M4 14.5h12M7 4v3M13 8.5v3M8.5 13v3',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  cross: 'm5.5 5.5 9 9m0-9-9 9',
  pause: 'M7 5v10M13 5v10',
  play: 'M6 4.5v11l9-5.5z',
  forward: 'm4.5 5.5 4.5 4.5-4.5 4.5M10.5 5.5 15 10l-4.5 4.5',
  back: 'M8 5 3.5 9.5 8 14M4 9.5h8a4.5 4.5 0 0 1 0 6.5h-1',
  retry: 'M15.5 8A6 6 0 1 0 16 11.5M16 4v4h-4',
  stop: 'M5.5 5.5h9v9h-9z',
  warning: 'M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.2v.1',
  info: 'M10 9v5M10 6.3v.1M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z',
  skip: 'M5 10h10',
  clock: 'M10 6v4.5l3 1.8M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z',
  person: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c.6-3.5 3-5 6-5s5.4 1.5 6 5',
  external: 'M8 5H4.5v10.5H15V12M11 4.5h4.5V9M15 5 9.5 10.5',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  sun: 'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M15.7 4.3l-1.1 1.1M5.4 14.6l-1.1 1.1',
  moon: 'M16 12.5A6.5 6.5 0 0 1 7.5 4a6.5 6.5 0 1 0 8.5 8.5z',
  system: 'M3 4.5h14v9H3zM7 16.5h6',
  plus: 'M10 4.5v11M4.5 10h11',
  chevron: 'm7.5 5 5 5-5 5',
  tag: 'M3.5 3.5h6l7 7-6 6-7-7zM7 7v.1',
  updown: 'm6.5 8 3.5-3.5L13.5 8M6.5 12l3.5 3.5 3.5-3.5',
  chain: 'M8.5 11.5a3 3 0 0 0 4.2 0l2.9-2.9a3 3 0 0 0-4.2-4.2l-.9.9M11.5 8.5a3 3 0 0 0-4.2 0l-2.9 2.9a3 3 0 0 0 4.2 4.2l.9-.9',
  key: 'M12.5 11a4 4 0 1 0-3.9-3.1L3.5 13v3.5H7V14h2v-2l1.1-1.1c.7.1 1.6.1 2.4.1zM13.5 6.5v.1',
  people:
    'M7.5 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.5 16c.4-3 2.4-4.2 5-4.2s4.6 1.2 5 4.2M13 4.2a2.7 2.7 0 0 1 0 5.2M14.5 12.2c1.7.5 2.8 1.7 3 3.8',
  upload: 'M10 13V4M6 8l4-4 4 4M4 13v3h12v-3',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
