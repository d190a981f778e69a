import type { ConfigItem } from './config-item.ts'

export const wholeStates = ['configured', 'partly', 'not'] as const

/**
 * Whether a machine is as its configuration wants it: in everything, in some things, or in nothing.
 */
export type WholeState = (typeof wholeStates)[number]

/**
 * Tells whether an item keeps the machine from being configured. A lack of what is not essential is
 * only a warning, and what the next start brings cannot be had before it.
 */
export const isAmiss = ({ state, essential, lacks = false }: ConfigItem): boolean =>
  state !== 'ok' && state !== 'next-boot' && (essential || !lacks)

export const wholeState = (items: readonly ConfigItem[]): WholeState => {
  const amiss = items.filter(isAmiss)
  if (amiss.length === 0) return 'configured'
  return amiss.length === items.length ? 'not' : 'partly'
}

/** Returns the keys of what only another start of the machine brings. */
export const nextBootKeys = (items: readonly ConfigItem[]): readonly string[] =>
  items.filter(({ state }) => state === 'next-boot').map(({ key }) => key)
