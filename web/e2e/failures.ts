//! Leaves what failed, with its errors, in the file that `FAFF_FAILURES` names: a long run goes on after these tests, and whoever sees
//! only its end is to see them.

import { appendFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

const mostLines = 25;

export default class Failures implements Reporter {
  #errors = new Map<TestCase, string[]>();

  onTestEnd(test: TestCase, { errors, retry }: TestResult): void {
    // The colours are for terminals.
    const plain = errors.map(({ message = '' }) => message.replace(/\u001b\[\d+m/g, '').split('\n').slice(0, mostLines).join('\n'));
    if (plain.length > 0) this.#errors.set(test, [...(this.#errors.get(test) ?? []), `try ${retry + 1}: ${plain.join('\n')}`]);
  }

  onEnd(): void {
    const file = process.env.FAFF_FAILURES;
    if (file === undefined) return;
    const failed = [...this.#errors].filter(([test]) => test.outcome() === 'unexpected');
    appendFileSync(file, failed.map(([test, tries]) => `${test.titlePath().filter(Boolean).join(' › ')}\n${tries.join('\n')}\n`).join('\n'));
  }

  printsToStdio(): boolean {
    return false;
  }
}
