import { createTheme, localStorageColorSchemeManager, type MantineColorsTuple } from '@mantine/core';

/** The one accent: the new version, the thing that moves, the thing to press. Everything else is ink, line and surface. */
const accent: MantineColorsTuple = [
  '#eef0ff',
  '#dfe2fd',
  '#bcc3f8',
  '#97a3f4',
  '#7886ef',
  '#5e6ee6',
  '#4453d6',
  '#3a47bb',
  '#303b9c',
  '#232c78',
];
const danger: MantineColorsTuple = [
  '#fff0f0',
  '#fddcdd',
  '#f7b6b8',
  '#f28d90',
  '#ea6468',
  '#dd4449',
  '#c62a2f',
  '#a92126',
  '#8b1a1e',
  '#681114',
];

/** Mantine's dark greys are neutral; ours lean to the ink. */
const dark: MantineColorsTuple = [
  '#eceef4',
  '#c3c8d4',
  '#a3a9b8',
  '#7d8495',
  '#434856',
  '#2b2e37',
  '#1f2127',
  '#1a1c21',
  '#15161a',
  '#121317',
];

export const theme = createTheme({
  colors: { accent, danger, dark },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: 'md',
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'lg',
        overlayProps: { backgroundOpacity: 0.45 },
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
        // Its header is no banner of the page.
        attributes: { header: { role: 'none' } },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close the message' } } },
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
  },
});

/** The same key that public/colour-scheme.js reads before the first paint. */
export const colourSchemeManager = localStorageColorSchemeManager({ key: 'prodsprint-colour-scheme' });
