import './mantineStyles.ts';
import './tokens.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { fetchScreens, router } from './router.tsx';
import { colourSchemeManager, theme } from './theme.ts';

/** Late enough not to stand in the way of what is looked at first. */
const screensAfterMs = 4_000;

function newClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The hub keeps everything fresh; what it cannot tell is asked for again by live/apply.ts and at each reconnect.
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        // On a reconnect of the browser's network the hub reconnects too, and that reads everything again.
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
        retryDelay: (failures) => 400 * 2 ** failures,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** The page's nonce, without which the browser takes no style element; none where the page is served without a policy. */
const styleNonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// What holds the page still behind a dialog makes a style element of its own, and asks here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });

export function App() {
  const [client] = useState(newClient);
  useEffect(() => {
    const later = setTimeout(fetchScreens, screensAfterMs);
    return () => clearTimeout(later);
  }, []);
  return (
    <MantineProvider getStyleNonce={styleNonce} theme={theme} defaultColorScheme="auto" colorSchemeManager={colourSchemeManager}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} context={{ client }} />
        <Notifications position="top-right" limit={3} autoClose={6000} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
