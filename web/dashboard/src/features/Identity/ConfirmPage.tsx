import { useSearch } from '@tanstack/react-router';
import { useTitle } from '../../app/title.ts';
import ui from '../../app/ui.module.css';
import css from './SignIn.module.css';
import { safeReturn } from './signIn.ts';
import { StepUp } from './StepUp.tsx';

/** Signed in, but not let in before the second factor: of one's own account, or asked for by the workspace. */
export function ConfirmPage() {
  useTitle('Second factor');
  const search = useSearch({ strict: false }) as { returnTo?: string };
  return (
    <div className={css.page}>
      <div className={css.head}>
        <img src="/mark.svg" alt="" width={40} height={40} />
        <h1>Your second factor, please</h1>
      </div>
      <section className={ui.card} aria-label="Second factor">
        <StepUp done={() => location.assign(safeReturn(search.returnTo))} />
      </section>
    </div>
  );
}
