import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import { useId, type ComponentPropsWithRef } from 'react';
import { useMissingPermission, type Action } from './permissions.ts';

type Props = ButtonProps & Omit<ComponentPropsWithRef<'button'>, keyof ButtonProps> & { action: Action };

/**
 * Opens a command. Who lacks the permission for it sees that it is there, cannot press it, and is told which permission it needs: by pointer, by
 * keyboard (it keeps its place among the tab stops) and by a screen reader.
 */
export function CommandButton({ action, onClick, ...props }: Props) {
  const missing = useMissingPermission(action);
  const id = useId();
  if (!missing) return <Button onClick={onClick} {...props} />;
  return (
    <>
      <Tooltip label={missing} multiline w={280} portalProps={{ target: '#main' }} events={{ hover: true, focus: true, touch: true }}>
        <Button {...props} data-disabled aria-disabled="true" aria-describedby={id} onClick={(e) => e.preventDefault()} />
      </Tooltip>
      <span id={id} hidden>
        {missing}
      </span>
    </>
  );
}
