//! Times in a browser on a machine that others share. A limit is what a usual machine takes, times how much slower this one is now,
//! times a factor wide enough that only a change of kind fails: work for every message instead of every frame, say. Counts and bytes
//! are absolute; times are written to the output.

import type { CDPSession, Page } from '@playwright/test';

/** What the loop below takes on the machine that the limits were written for, in ms. */
const USUAL_MS = 25;

/** How much slower than usual this machine is just now: never below 1. */
export async function slowness(page: Page): Promise<number> {
  const took = await page.evaluate(() => {
    const once = (): number => {
      const start = performance.now();
      const box = document.createElement('div');
      document.body.append(box);
      let sum = 0;
      for (let at = 0; at < 300; at += 1) {
        const row = document.createElement('p');
        row.textContent = `row ${at}`;
        box.append(row);
        if (at % 20 === 0) sum += box.offsetHeight;
      }
      const map = new Map<string, number>();
      for (let at = 0; at < 60_000; at += 1) map.set(`k${at % 5_000}`, (map.get(`k${(at * 7) % 5_000}`) ?? 0) + at);
      box.remove();
      return performance.now() - start + sum * 0;
    };
    for (let warm = 0; warm < 3; warm += 1) once();
    return Array.from({ length: 7 }, once).sort((a, b) => a - b)[3] ?? 0;
  });
  return Math.max(1, took / USUAL_MS);
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** What was measured, for whoever reads the output. */
export function report(what: string, measured: number, budget: number, unit: string, slow = 1): void {
  console.log(`      ${what.padEnd(46)} ${measured.toFixed(unit === 'ms' ? 0 : 2).padStart(8)} ${unit} of ${budget} ${unit}${slow === 1 ? '' : ` on a machine ${slow.toFixed(1)} times slower than usual`}`);
}

/** Notes from now on how long each key takes from the press to the next paint. `keys` gives what was noted, and forgets it. */
export async function timeKeys(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const noted: number[] = [];
    Object.assign(window, { noted });
    const channel = new MessageChannel();
    let waiting: number[] = [];
    channel.port1.onmessage = () => {
      const now = performance.now();
      noted.push(...waiting.map((at) => now - at));
      waiting = [];
    };
    addEventListener('keydown', (event) => {
      waiting.push(event.timeStamp);
      // Behind the frame that shows it.
      if (waiting.length === 1) requestAnimationFrame(() => channel.port2.postMessage(null));
    }, { capture: true });
  });
  return () => page.evaluate(() => (window as unknown as { noted: number[] }).noted.splice(0));
}

export interface Weight {
  heap: number;
  nodes: number;
  listeners: number;
  script: number;
}

/** What a page weighs after everything that nobody holds was thrown away. */
export async function weigh(cdp: CDPSession): Promise<Weight> {
  for (let turn = 0; turn < 3; turn += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = (await cdp.send('Performance.getMetrics')) as { metrics: { name: string; value: number }[] };
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { heap: value('JSHeapUsedSize'), nodes: value('Nodes'), listeners: value('JSEventListeners'), script: value('ScriptDuration') };
}

export async function debug(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.enable');
  return cdp;
}

export const MB = 1024 * 1024;
