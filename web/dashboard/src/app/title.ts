import { useEffect } from 'react';

/** The tab says what is shown, most specific first. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · ProdSprint`;
  }, [title]);
}
