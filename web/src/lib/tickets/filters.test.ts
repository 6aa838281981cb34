import { describe, expect, it } from 'vitest';
import { ada, bo, task } from '../sample';
import { type Filters, ask, groups, isFiltered, matches, parse, sorts, unfiltered, write } from './filters';

describe('filters and addresses', () => {
  it('are the same both ways, for every combination', () => {
    let tried = 0;
    for (const status of [[], ['open'], ['open', 'in_progress']] as const)
      for (const priority of [[], ['urgent', 'low']] as const)
        for (const assignee of [null, 'me', 'none', 12] as const)
          for (const creator of [null, 'me', 7] as const)
            for (const tag of [null, 'a b&c=d,é'])
              for (const visibility of [null, 'private'] as const)
                for (const q of ['', 'export "times out" #?&'])
                  for (const sort of sorts)
                    for (const group of groups) {
                      const filters: Filters = { status, priority, assignee, creator, tag, visibility, q, sort, group };
                      expect(parse(write(filters))).toEqual(filters);
                      tried += 1;
                    }
    expect(tried).toBe(3 * 2 * 4 * 3 * 2 * 2 * 2 * 6 * 3);
  });

  it('leave out what is as usual', () => {
    expect(write(unfiltered)).toBe('');
    expect(isFiltered(unfiltered)).toBe(false);
    expect(isFiltered({ ...unfiltered, sort: 'priority', group: 'status' })).toBe(false);
    expect(isFiltered({ ...unfiltered, tag: 'x' })).toBe(true);
  });

  it('ignore what they do not understand', () => {
    expect(parse('status=open,nonsense&priority=&assignee=-1&creator=none&sort=title&group=x&visibility=all&q=%20')).toEqual({ ...unfiltered, status: ['open'] });
  });

  it('become the server’s question', () => {
    expect(ask(parse('status=open,closed&assignee=me&creator=3&q=ab&tag=x'))).toEqual({
      sort: '-updatedAt', status: 'open,closed', assigneeId: 'me', createdById: '3', search: 'ab', tag: 'x',
    });
  });

  it('tell whether a ticket belongs', () => {
    const one = task(1, { status: 'open', priority: 'high', assignedToId: ada.id, tags: ['x'] });
    const test = (query: string): boolean | null => matches(parse(query), one, ada.id);
    expect(test('')).toBe(true);
    expect(test('status=open,closed&priority=high&assignee=me&tag=x&creator=2')).toBe(true);
    expect(test('status=closed')).toBe(false);
    expect(test('assignee=none')).toBe(false);
    expect(test(`assignee=${bo.id}`)).toBe(false);
    expect(test('creator=me')).toBe(false);
    expect(test('visibility=private')).toBe(false);
    expect(test('q=words')).toBe(null);
    expect(test('q=words&status=closed')).toBe(false);
  });
});
