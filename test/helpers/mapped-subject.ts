import type { Mapper } from '../../src/kernel/mapping/mapper.ts'
import type { Mapping, TouchRequest } from '../../src/kernel/native/native-mapping.ts'
import type { Action, Cells, Subject } from './counters-table.ts'

export type Setting = Extract<Action, { readonly do: 'persistent' | 'overcommit' }>

/** A pool for the table of counters whose pages a mapper maps, as `test` does. */
export interface MappedPool {
  readonly mapper: Mapper
  /** Bytes of a page. */
  readonly size: number
  readonly way: TouchRequest['way']
  set(action: Setting): void | Promise<void>
  counters(wanted: Cells): Cells | Promise<Cells>
}

/** What a store and what populating answers at a page that does not come. */
const isSigbus = ['SIGBUS', 'EFAULT']

const touchError = (errno: string): Error =>
  Object.assign(new Error(errno), { code: isSigbus.includes(errno) ? 'SIGBUS' : errno })

/**
 * A program dies at a page that does not come; `test` gives its mapping back then. `close` unmaps
 * whatever is left.
 */
export const mappedSubject = (pool: MappedPool): Subject & { close(): Promise<void> } => {
  const { mapper, size, way, set, counters } = pool
  const held = new Map<string, { readonly mapping: Mapping; touched: number }>()
  const map = async (action: Extract<Action, { readonly do: 'map' }>): Promise<void> => {
    const { name, pages, shared = false, noreserve = false, populate = false } = action
    const request = { bytes: pages * size, pageSize: size, shared, noreserve, populate }
    held.set(name, { mapping: await mapper.map(request), touched: 0 })
  }
  const touch = async (name: string, pages: number): Promise<void> => {
    const one = held.get(name)
    if (one === undefined) throw new Error(`${name} is not mapped`)
    const range = { from: one.touched, to: one.touched + pages }
    const { failure } = await one.mapping.touch({ ...range, threads: 1, way, stuckSeconds: 30 })
    one.touched += pages
    if (failure === undefined) return
    await one.mapping.unmap()
    throw touchError(failure.errno)
  }
  return {
    act: async (action) => {
      if (action.do === 'map') await map(action)
      else if (action.do === 'touch') await touch(action.name, action.pages)
      else if (action.do === 'unmap') await held.get(action.name)?.mapping.unmap()
      else await set(action)
    },
    counters,
    close: async () => {
      for (const { mapping } of held.values()) await mapping.unmap()
    },
  }
}
