import { lazy, Suspense, useEffect, useState } from 'react';

const Palette = lazy(() => import('./Palette.tsx'));
const asked = new EventTarget();

export const openPalette = () => void asked.dispatchEvent(new Event('open'));

/** Ctrl+K. The palette is fetched when it is asked for the first time, and opened anew each time. */
export function PaletteHost() {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const open = () => setTimes((n) => n + 1);
    const key = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      open();
    };
    asked.addEventListener('open', open);
    addEventListener('keydown', key);
    return () => {
      asked.removeEventListener('open', open);
      removeEventListener('keydown', key);
    };
  }, []);
  return times === 0 ? null : (
    <Suspense fallback={null}>
      <Palette key={times} />
    </Suspense>
  );
}
