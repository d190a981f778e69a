import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { Test } from 'tap'

type Functions = typeof fs

/**
 * From now on until the test ends these functions stand for those of node:fs, whoever calls them. Returns
 * the usual ones.
 */
export const standIn = (t: Test, others: Partial<Record<keyof Functions, unknown>>): Functions => {
  const usual = { ...fs }
  const names = Object.keys(others) as readonly (keyof Functions)[]
  t.teardown(() => {
    Object.assign(fs, Object.fromEntries(names.map((name) => [name, usual[name]])))
    syncBuiltinESMExports()
  })
  Object.assign(fs, others)
  syncBuiltinESMExports()
  return usual
}
