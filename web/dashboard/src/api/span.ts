import type { Span } from './types.ts';

/** A .NET TimeSpan ("hh:mm:ss", "d.hh:mm:ss.fffffff") or an ISO 8601 duration, as seconds. Null when it is neither. */
export function seconds(span: Span | null | undefined): number | null {
  if (span == null) return null;
  const net = /^(-)?(?:(\d+)\.)?(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(span);
  if (net) {
    const value = Number(net[2] ?? 0) * 86_400 + Number(net[3]) * 3_600 + Number(net[4]) * 60 + Number(net[5]);
    return net[1] ? -value : value;
  }
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(span);
  if (iso && span !== 'P') {
    return Number(iso[1] ?? 0) * 86_400 + Number(iso[2] ?? 0) * 3_600 + Number(iso[3] ?? 0) * 60 + Number(iso[4] ?? 0);
  }
  return null;
}
