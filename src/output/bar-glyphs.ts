import type { BarPart } from '../model/bar.ts'

/** The one character of a cell of each part; empty for a part that is not drawn. */
export type BarGlyphs = Readonly<Record<BarPart, string>>

/**
 * Every part differs from the others without colour. The fonts of consoles have all of these
 * (CP437).
 */
export const unicodeGlyphs: BarGlyphs = {
  inUse: '█',
  reserved: '▒',
  free: '─',
  available: '░',
  surplus: '▄',
  used: '█',
  guaranteed: '▒',
  room: '░',
  elsewhere: '',
}

export const asciiGlyphs: BarGlyphs = {
  inUse: '#',
  reserved: '=',
  free: '-',
  available: '.',
  surplus: '+',
  used: '#',
  guaranteed: '=',
  room: '.',
  elsewhere: '',
}

export const barEnds = ['[', ']'] as const
