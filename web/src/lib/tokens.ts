//! The colours of both themes. tokens.css is held against this table by a test, and so is their contrast.

/** [light, dark] */
export const colours = {
  bg: ['#ffffff', '#131519'],
  surface: ['#f7f8fa', '#181b20'],
  raised: ['#ffffff', '#1f2329'],
  sunken: ['#eff1f4', '#0f1114'],
  hover: ['#f0f2f5', '#21252c'],
  selected: ['#e8ecfd', '#262f52'],
  border: ['#dfe3e8', '#2c313a'],
  'border-strong': ['#7a828e', '#727b88'],
  text: ['#1b1f24', '#e8eaed'],
  'text-2': ['#4a525c', '#b4bac3'],
  'text-3': ['#626b76', '#98a0ab'],
  accent: ['#3b57d0', '#5c76ea'],
  'accent-hover': ['#2f48b5', '#6e86f0'],
  'on-accent': ['#ffffff', '#0b0d12'],
  'accent-text': ['#3450c4', '#9db0ff'],
  focus: ['#3b57d0', '#9db0ff'],
  danger: ['#c02b2b', '#ff8a84'],
  'danger-soft': ['#fdecec', '#43211f'],
  'on-danger': ['#ffffff', '#1a0706'],
  warn: ['#8a5300', '#f0b45a'],
  'warn-soft': ['#fff3dc', '#3b2c12'],
  ok: ['#1a7040', '#66cc90'],
  'ok-soft': ['#e4f5ea', '#173524'],
  info: ['#0b6285', '#67c3e8'],
  'info-soft': ['#e1f2f9', '#12303e'],
  violet: ['#6d3fc0', '#bfa2ff'],
  'violet-soft': ['#f1eafc', '#32264d'],
  mention: ['#fff3c4', '#3a3315'],
  code: ['#eff1f4', '#21252c'],
  'avatar-0': ['#dbe3ff', '#2b3a78'],
  'on-avatar-0': ['#23399e', '#cdd8ff'],
  'avatar-1': ['#d9f0e3', '#1c4a33'],
  'on-avatar-1': ['#125331', '#b5ecce'],
  'avatar-2': ['#fde3d6', '#5c2f1a'],
  'on-avatar-2': ['#853411', '#ffcfb5'],
  'avatar-3': ['#eadffb', '#442b70'],
  'on-avatar-3': ['#56309c', '#e0cfff'],
  'avatar-4': ['#d5eef7', '#164456'],
  'on-avatar-4': ['#0b5069', '#b8e6f7'],
  'avatar-5': ['#fbdde8', '#5e2440'],
  'on-avatar-5': ['#8c1f4e', '#ffc8de'],
  'avatar-6': ['#f6eac6', '#4a3a0c'],
  'on-avatar-6': ['#684a00', '#f4dd97'],
  'avatar-7': ['#e2e6ea', '#3a414b'],
  'on-avatar-7': ['#3c444e', '#dde2e8'],
} as const satisfies Record<string, readonly [string, string]>;

export type Colour = keyof typeof colours;

function channel(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function luminance(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return 0.2126 * channel(value >> 16) + 0.7152 * channel((value >> 8) & 255) + 0.0722 * channel(value & 255);
}

/** How well one colour is told from another, 1 to 21, as WCAG counts. */
export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
