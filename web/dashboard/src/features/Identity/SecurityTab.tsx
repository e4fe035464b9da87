import { useQuery } from '@tanstack/react-query';
import { Asked } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { FactorAsked } from './FactorAsked.tsx';
import { PasskeysCard } from './PasskeysCard.tsx';
import { secondFactorQuery } from './secondFactor.ts';
import { TotpCard } from './TotpCard.tsx';

/** What shows that it is oneself, beside the sign-in. */
export function SecurityTab() {
  return (
    <div className={ui.page}>
      <Asked query={useQuery(secondFactorQuery)} what="your second factors" rows={1} rowHeight={120}>
        {(factor) => (
          <>
            <FactorAsked factor={factor} />
            <TotpCard factor={factor} />
          </>
        )}
      </Asked>
      <PasskeysCard />
    </div>
  );
}
