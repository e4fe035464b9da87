import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Icon } from '../../app/Icon.tsx';
import { Asked, Empty, Failure } from '../../app/States.tsx';
import ui from '../../app/ui.module.css';
import { currentWorkspace } from '../Tenants/workspace.ts';
import { auditLogQuery, exportLog, exportName, type ExportFormat } from './auditLog.ts';
import { AuditFilters } from './AuditFilters.tsx';
import { filterOf, readSearch } from './auditFilter.ts';
import { AuditRow } from './AuditRow.tsx';
import css from './AuditLog.module.css';
import { ChainCard } from './ChainCard.tsx';

export function AuditLogTab() {
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const search = useMemo(() => readSearch(raw), [raw]);
  const navigate = useNavigate();
  const filter = filterOf(search);
  const log = useInfiniteQuery(auditLogQuery(filter));
  const download = useMutation({
    mutationFn: (format: ExportFormat) => exportLog(filter, format, exportName(currentWorkspace(), format)),
  });
  const lines = log.data?.pages.flatMap((p) => p.items);
  return (
    <div className={ui.page}>
      <ChainCard />
      <section className={ui.card} aria-label="Audit log">
        <div className={ui.cardHead}>
          <h2>Audit log</h2>
          <div className={ui.row}>
            {(['csv', 'json'] as const).map((format) => (
              <Button
                key={format}
                size="xs"
                variant="default"
                loading={download.isPending && download.variables === format}
                onClick={() => download.mutate(format)}
              >
                Export {format === 'csv' ? 'CSV' : 'JSON lines'}
              </Button>
            ))}
            <Button
              size="xs"
              variant="default"
              leftSection={<Icon name="retry" size={14} />}
              loading={log.isRefetching}
              onClick={() => void log.refetch()}
            >
              Read again
            </Button>
          </div>
        </div>
        <div className={ui.stack} style={{ gap: 16 }}>
          <AuditFilters search={search} look={(next) => void navigate({ to: '/administration/audit-log', search: next })} />
          {download.error && <Failure error={download.error} what="The export" />}
          <Asked
            query={{ ...log, data: lines }}
            what="the audit log"
            rows={8}
            rowHeight={40}
            empty={
              <Empty icon="search" title="No row fits">
                Actions are named as in the API. A resource is a path such as projects/shop; what lies below it is found too.
              </Empty>
            }
          >
            {(list) => (
              <>
                <div className={ui.scroll} tabIndex={0} role="region" aria-label="Rows of the audit log">
                  <table className={`${ui.table} ${css.log}`}>
                    <thead>
                      <tr>
                        <th scope="col">Row</th>
                        <th scope="col">When</th>
                        <th scope="col">Who</th>
                        <th scope="col">Action</th>
                        <th scope="col" className={ui.wide}>
                          Resource
                        </th>
                        <th scope="col" className={ui.wide}>
                          Outcome
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {list.map((line) => (
                        <AuditRow key={line.seq} line={line} />
                      ))}
                    </tbody>
                  </table>
                </div>
                {log.hasNextPage && (
                  <Button variant="default" size="xs" mr="auto" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                    Older rows
                  </Button>
                )}
              </>
            )}
          </Asked>
        </div>
      </section>
    </div>
  );
}
