import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Card } from '../../app/Card.tsx';
import { Icon } from '../../app/Icon.tsx';
import { Asked, Empty, Failure } from '../../app/States.tsx';
import { Table } from '../../app/Table.tsx';
import ui from '../../app/ui.module.css';
import { currentWorkspace } from '../Tenants/workspace.ts';
import { auditLogQuery, exportLog, exportName, type ExportFormat } from './auditLog.ts';
import { ArchivesLine } from './ArchivesLine.tsx';
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
  const archives = log.data?.pages[0]?.archives;
  const lines = log.data?.pages.flatMap((p) => p.items);
  return (
    <div className={ui.page}>
      <ChainCard />
      <Card
        label="Audit log"
        aside={
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
        }
      >
        <div className={ui.stack} style={{ gap: 16 }}>
          {archives && <ArchivesLine archives={archives} />}
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
                <Table
                  label="Rows of the audit log"
                  className={css.log}
                  columns={['Row', 'When', 'Who', 'Action', { head: 'Resource', wide: true }, { head: 'Outcome', wide: true }]}
                >
                  {list.map((line) => (
                    <AuditRow key={line.seq} line={line} />
                  ))}
                </Table>
                {log.hasNextPage && (
                  <Button variant="default" size="xs" mr="auto" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                    Older rows
                  </Button>
                )}
              </>
            )}
          </Asked>
        </div>
      </Card>
    </div>
  );
}
