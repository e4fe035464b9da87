import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { clockTime } from '../../app/format.ts';
import css from './TimeChart.module.css';
import type { Columns } from './series.ts';

export interface Line {
  key: string;
  label: string;
  role: 'stable' | 'canary';
}

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(
  lines: Line[],
  width: number,
  height: number,
  format: (v: number) => string,
  minTop: number,
  onHover: (i: number | null) => void,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: token('--muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  return {
    width,
    height,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(minTop, (max ?? 0) * 1.15)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 56,
        incrs: [60, 120, 300, 600],
        values: (_, ticks) => ticks.map((t) => clockTime(t * 1000).slice(0, 5)),
      },
      { ...axis, size: 62, space: 34, values: (_, ticks) => ticks.map((v) => (v === 0 ? '0' : format(v))) },
    ],
    series: [
      {},
      ...lines.map((line): uPlot.Series => ({
        label: line.label,
        stroke: token(line.role === 'canary' ? '--accent' : '--stable'),
        width: line.role === 'canary' ? 2.25 : 1.75,
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: { setCursor: [(u) => onHover(u.cursor.left !== undefined && u.cursor.left >= 0 ? (u.cursor.idx ?? null) : null)] },
  };
}

/** A chart of one figure by version. Its box has its size before the first point comes. */
export default function TimeChart({
  title,
  about,
  columns,
  lines,
  format,
  minTop,
  height = 168,
}: {
  title: string;
  about: string;
  columns: Columns;
  lines: Line[];
  format: (value: number) => string;
  minTop: number;
  height?: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const { colorScheme } = useMantineColorScheme();
  const [hovered, setHovered] = useState<number | null>(null);
  const shape = JSON.stringify([lines, colorScheme, height, minTop]);
  const data: uPlot.AlignedData = [columns.times, ...lines.map((l) => columns.byVersion.get(l.key) ?? [])];
  const current = useRef(data);
  current.current = data;

  useEffect(() => {
    const host = box.current!;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(lines, Math.max(120, host.clientWidth), height, format, minTop, setHovered), current.current, host);
    };
    draw();
    const system = matchMedia('(prefers-color-scheme: dark)');
    // The attribute that the tokens hang on is set by the scheme manager just after the event.
    const redraw = () => requestAnimationFrame(draw);
    system.addEventListener('change', redraw);
    const seen = new ResizeObserver(() => plot.current?.setSize({ width: Math.max(120, host.clientWidth), height }));
    seen.observe(host);
    return () => {
      system.removeEventListener('change', redraw);
      seen.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => plot.current?.setData(current.current), [columns]);

  const index = hovered ?? columns.times.length - 1;
  const values = lines.map((line) => ({ line, value: lastKnown(columns.byVersion.get(line.key), index, hovered === null) }));
  return (
    <figure className={css.chart}>
      <figcaption>
        <span className={css.title}>{title}</span>
        <span className={css.about}>{about}</span>
        <span className={css.values}>
          {values.map(({ line, value }) => (
            <span key={line.key} data-role={line.role}>
              <i />
              {line.label} <b>{value === null ? '–' : format(value)}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} className={css.box} style={{ height }} aria-hidden="true" />
    </figure>
  );
}

function lastKnown(values: (number | null)[] | undefined, index: number, look: boolean): number | null {
  if (!values) return null;
  for (let i = index; i >= Math.max(0, look ? index - 5 : index); i--) if (values[i] != null) return values[i]!;
  return null;
}
