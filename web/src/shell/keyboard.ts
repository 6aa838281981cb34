//! Keys of the whole page, handed to the registry with the place where they were pressed.

import { type Where, apple, registry } from '../lib/commands';
import { router } from '../lib/router';
import { looks } from '../lib/theme';

function isField(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return element instanceof HTMLInputElement && !/^(checkbox|radio|button|submit|reset|range|file)$/.test(element.type);
}

/** Where a key is pressed when nothing in particular has the focus. */
function usual(): Where | null {
  switch (router.route.name) {
    case 'ticket':
      return 'ticket';
    case 'tickets':
    case 'view':
      return 'list';
    case 'reviews':
      return 'reviews';
    case 'inbox':
      return 'inbox';
    default:
      return null;
  }
}

export function placesOf(element: Element | null): Set<Where> {
  const places = new Set<Where>();
  for (let at = element?.closest<HTMLElement>('[data-where]'); at != null; at = at.parentElement?.closest<HTMLElement>('[data-where]')) {
    places.add(at.dataset['where'] as Where);
  }
  const standard = usual();
  if (places.size === 0 && standard !== null) places.add(standard);
  return places;
}

/** What lies over the page has its own keys. */
export function isCovered(): boolean {
  return document.querySelector('dialog[open], [popover]:popover-open:not(.tooltip)') !== null;
}

export function onKey(event: KeyboardEvent): void {
  // An input method is composing: its keys are not ours.
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (isCovered()) return;
  const target = event.target instanceof Element ? event.target : null;
  const inField = isField(target);
  // A focused control does by itself what Enter and Space mean.
  if (!inField && (event.key === 'Enter' || event.key === ' ') && target?.closest('button, summary, [role=option]') != null) return;
  if (event.key === 'Escape' && inField && target instanceof HTMLElement && target.dataset['escape'] === undefined) {
    target.blur();
    event.preventDefault();
    return;
  }
  const { singleKeys } = looks.now;
  if (registry.press(event, { inField, inside: placesOf(target), page: usual(), apple, singleKeys })) event.preventDefault();
}

/** F6 goes round the panes: nav, list, conversation, panel. */
export function movePane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const now = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(now + by + panes.length) % panes.length];
  const target = next?.querySelector<HTMLElement>('[data-pane-focus], [tabindex="0"], a[href], button') ?? next;
  target?.focus();
}
