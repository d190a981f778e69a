import { ifShown, readAll } from './quick-read.ts'
import type { Scan } from './scan-state.ts'

/**
 * Names what fdinfo shows of an io_uring (io_uring/fdinfo.c): the buffers and the files that are
 * registered with it. It keeps both when nobody else has them any more.
 */
const ringWords = (fdinfo: string): string | undefined => {
  const count = (name: string) =>
    Number(new RegExp(`(?:^|\\n)${name}:\\s*(\\d+)`).exec(fdinfo)?.[1] ?? 0)
  const buffers = count('UserBufs')
  const files = count('UserFiles')
  const words = [
    ...(buffers > 0 ? [`${buffers} ${buffers === 1 ? 'buffer' : 'buffers'}`] : []),
    ...(files > 0 ? [`${files} ${files === 1 ? 'file' : 'files'}`] : []),
  ]
  return words.length === 0 ? undefined : `${words.join(', ')} registered`
}

/**
 * Looks for what keeps pages without showing them: rings with buffers or files, and sockets at which
 * descriptors wait to be received (`scm_fds`, 5.11 and later).
 */
export const scanHiddenKeepers = (scan: Scan): void => {
  for (const { pid, name, fdinfo: path, isRing } of scan.opaque) {
    const fdinfo = ifShown(() => readAll(path)) ?? ''
    if (isRing) {
      const what = ringWords(fdinfo)
      if (what !== undefined)
        scan.buffers.push({ process: scan.who(pid), keeper: 'io_uring', what })
      continue
    }
    const waiting = Number(/(?:^|\n)scm_fds:\s*(\d+)/.exec(fdinfo)?.[1] ?? 0)
    if (waiting > 0)
      scan.inFlight.push(
        `${waiting} at socket ${name} of process ${pid} (${scan.who(pid).command})`,
      )
  }
}
