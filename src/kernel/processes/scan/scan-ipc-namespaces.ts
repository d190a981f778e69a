import { present } from '../../../model/words/present.ts'
import { processIds } from '../../process-list.ts'
import { readIfReadable } from '../../read-attribute.ts'
import { isLive } from '../../tree.ts'
import { ipcNamespace } from './ipc-namespace.ts'
import { ifShown } from './quick-read.ts'
import { addSegment, type IpcNamespace, type SegmentLook } from './scan-segments.ts'
import type { Scan } from './scan-state.ts'
import { type SegmentLine, segmentLines, segmentsPath } from './segment-lines.ts'

const textOfNamespace = ({ tree, native }: Scan, { path }: IpcNamespace): string => {
  if (path === undefined) return readIfReadable(tree, segmentsPath) ?? ''
  return ifShown(() => native?.ipcFile(path, segmentsPath)) ?? ''
}

const namespaceLines = (scan: Scan, namespace: IpcNamespace): readonly SegmentLine[] =>
  segmentLines(textOfNamespace(scan, namespace))

const scanNamespace = (scan: Scan, namespace: IpcNamespace, look: SegmentLook): void => {
  const { name, path } = namespace
  if (scan.ipcNamespaces.has(name)) return
  scan.ipcNamespaces.set(name, present({ path, untouched: look.untouched }))
  for (const line of namespaceLines(scan, namespace)) addSegment(scan, namespace, line, look)
}

/** Looks at the segments of this IPC namespace. */
export const scanOwnSegments = (scan: Scan, look: SegmentLook): void =>
  scanNamespace(scan, { name: ipcNamespace(`${scan.proc}/self`) }, look)

const isOtherSeen = ({ tree, native }: Scan): boolean => isLive(tree) && native !== undefined

/**
 * Looks at the segments of every other IPC namespace in which a process can be seen. It needs the
 * addon.
 */
export const scanOtherSegments = (scan: Scan, look: SegmentLook): void => {
  if (!isOtherSeen(scan)) return
  for (const pid of processIds(scan.proc)) {
    const name = ipcNamespace(`${scan.proc}/${pid}`)
    if (name !== '?') scanNamespace(scan, { name, path: `${scan.proc}/${pid}/ns/ipc` }, look)
  }
}

/**
 * Looks at the segments of IPC namespaces that a descriptor or a mount was seen to keep, also without a
 * process.
 */
export const scanKeptSegments = (scan: Scan, look: SegmentLook): void => {
  if (!isOtherSeen(scan)) return
  for (const [name, path] of scan.kept)
    if (name.startsWith('ipc:')) scanNamespace(scan, { name, path }, look)
}

/** Looks at segments without a page in the namespaces where these did not count at the first look. */
export const scanUntouchedSegments = (scan: Scan, attach: boolean): void => {
  const left = [...scan.ipcNamespaces].filter(([, { untouched }]) => !untouched)
  for (const [name, { path }] of left) {
    const namespace = present({ name, path })
    scan.ipcNamespaces.set(name, present({ path, untouched: true }))
    const isFound = (line: SegmentLine) =>
      scan.segments.some(({ key }) => key.endsWith(`:${line('shmid')}@${name}`))
    for (const line of namespaceLines(scan, namespace))
      if (line('rss') === 0n && !isFound(line))
        addSegment(scan, namespace, line, { attach, untouched: true })
  }
}
