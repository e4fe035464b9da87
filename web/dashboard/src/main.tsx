import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { invitationPath, takeInvitation } from './features/Tenants/invitation.ts';

// Before anything is asked of the server: an answer that leads to the sign-in may be there before the page that shows the invitation is.
if (location.pathname === invitationPath) takeInvitation();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
