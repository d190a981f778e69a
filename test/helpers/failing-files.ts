import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { Test } from 'tap'

type Call = (path: unknown, ...rest: unknown[]) => unknown

const calls = [
  'openSync',
  'readFileSync',
  'readdirSync',
  'readlinkSync',
  'statSync',
  'lstatSync',
  'statfsSync',
] as const

/** From now on everything that is asked about one path answers so, whoever asks. */
export const answering = (t: Test, path: string, code: string): void => {
  const usual = Object.fromEntries(calls.map((name) => [name, fs[name]]))
  const change = (all: Readonly<Record<string, unknown>>) => {
    Object.assign(fs, all)
    syncBuiltinESMExports()
  }
  const failing = calls.map((name) => [
    name,
    (asked: unknown, ...rest: unknown[]) => {
      if (asked === path) throw Object.assign(new Error(code), { code, errno: -1, syscall: 'open' })
      return (usual[name] as Call)(asked, ...rest)
    },
  ])
  change(Object.fromEntries(failing))
  t.teardown(() => change(usual))
}
