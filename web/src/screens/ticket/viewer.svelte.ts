//! Which picture is looked at, and those beside it.

import type { Attachment } from '../../lib/api/types';

export function isPicture(one: Attachment): boolean {
  return /^image\/(png|jpeg|gif|webp)$/.test(one.mimetype);
}

class Viewer {
  all = $state.raw<readonly Attachment[]>([]);
  at = $state(-1);

  get current(): Attachment | null {
    return this.all[this.at] ?? null;
  }

  show(all: readonly Attachment[], one: Attachment): void {
    this.all = all;
    this.at = all.indexOf(one);
  }

  move(by: 1 | -1): void {
    this.at = Math.max(0, Math.min(this.all.length - 1, this.at + by));
  }

  hide(): void {
    this.at = -1;
  }
}

export const viewer = new Viewer();
