import { describe, expect, it } from 'vitest';
import { uuid } from './uuid';

describe('a name that nobody else has', () => {
  it('is a random UUID', () => {
    const names = Array.from({ length: 1000 }, uuid);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(names).size).toBe(1000);
  });
});
