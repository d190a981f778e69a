import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Test } from 'tap'
import { temporary } from '../../helpers/run.ts'
import type { VirtualMachine } from '../../vm/machines.ts'
import { emulation, qemuWords } from '../../vm/qemu.ts'
import { archiveOf, type Files } from './cpio.ts'
import { kernelOf, startArchive } from './ready.ts'

/** One boot of a disk. */
export interface Wanted {
  readonly disk: string
  /** For sh -eu, when basic.target is reached; what it writes to stdout is what a boot gives. */
  readonly script: string
  /** Put on the disk before the boot. */
  readonly files?: Files
  /** Words of the kernel's command line. */
  readonly append?: readonly string[]
  /** Of kernels.txt: Debian 12's own unless it is said. */
  readonly series?: string
  /** What QEMU makes of the disk, as the node `disk`. */
  readonly drive?: readonly string[]
  /** Is told each line of output when it comes. */
  readonly heard?: (line: string) => void
}

/** What a machine leaves that has ended. */
interface Outcome {
  readonly output: string
  /** Of the script, where it came to its end. */
  readonly status: number | undefined
  readonly console: string
}

/** A machine that runs. */
export interface Running {
  /** Waits until what it has written is so, at most as long as it runs. */
  readonly until: (isSo: (output: string) => boolean) => Promise<void>
  /** Ends the emulator as a failure of power would. */
  readonly kill: () => void
  readonly ended: Promise<Outcome>
}

/** Two nodes of 3 GiB. */
const machine: VirtualMachine = {
  name: 'debian',
  summary: 'Debian 12 with systemd on two nodes',
  nodes: ['3G', '3G'],
  kernels: ['6.1', '6.12'],
  limit: 480,
}

/** What the host does with what the machine has flushed is nothing that a test can see. */
export const plainDrive = (disk: string): readonly string[] => [
  ...['-blockdev', `node-name=disk,driver=file,filename=${disk},cache.no-flush=on`],
]

/** As where more guests run than there are processors: other tests have those beside it. */
const accelerator = emulation(availableParallelism(), availableParallelism())

const words = (wanted: Wanted, image: string): readonly string[] => [
  ...qemuWords({
    architecture: 'amd64',
    machine,
    kernel: kernelOf(wanted.series ?? '6.1'),
    image,
    accelerator,
    append: ['systemd.unit=laboratory.target', 'systemd.show_status=no', ...(wanted.append ?? [])],
  }),
  ...(wanted.drive ?? plainDrive(wanted.disk)),
  ...['-device', 'nvme,drive=disk,serial=disk'],
]

const archive = ({ script, files = {} }: Wanted): Buffer => {
  const placed = Object.entries(files).map(([path, text]) => [`/files${path}`, text])
  return archiveOf({ ...Object.fromEntries(placed), '/laboratory/script': script })
}

const finished = /^# finished: (\d+)\n/m

/** An error with what a machine has written, and the end of its console. */
const ending = (words: string, { output, console }: Outcome): Error =>
  new Error([words, output, ...console.split(/\r?\n/).slice(-60)].join('\n'))

/** Boots a disk; timeout(1) ends it where nobody is left to end it. */
export const start = (t: Test, wanted: Wanted): Running => {
  const directory = temporary(t)
  const [image, log, pid] = ['initramfs', 'console', 'pid'].map((name) => `${directory}/${name}`)
  if (image === undefined || log === undefined || pid === undefined) throw new Error('no directory')
  writeFileSync(image, Buffer.concat([startArchive(), archive(wanted)]))
  const serial = ['-serial', `file:${log}`, '-serial', 'stdio', '-pidfile', pid]
  const limit = ['--foreground', '-k', '5', `${machine.limit}`]
  const line = [...limit, 'qemu-system-x86_64', ...words(wanted, image), ...serial]
  const child = spawn('timeout', line, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  let look: () => void = () => {}
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    const before = output.lastIndexOf('\n') + 1
    output += piece
    for (const line of output.slice(before).split('\n').slice(0, -1)) wanted.heard?.(line)
    look()
  })
  const ended = new Promise<Outcome>((done, failed) => {
    child.once('error', failed)
    child.once('close', () => {
      const status = finished.exec(output)?.[1]
      const console = readFileSync(log, 'latin1')
      done({
        output: output.replace(finished, ''),
        status: status === undefined ? undefined : Number(status),
        console,
      })
    })
  })
  const until = (isSo: (output: string) => boolean) =>
    new Promise<void>((done, failed) => {
      look = () => {
        if (isSo(output)) done()
      }
      look()
      ended.then((outcome) => failed(ending('the machine ended before that', outcome)), failed)
    })
  const kill = () => process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
  return { until, kill, ended }
}

/** Boots a disk, and gives what its script has written. One that fails is an error with the end of the console. */
export const boot = async (t: Test, wanted: Wanted): Promise<string> => {
  const outcome = await start(t, wanted).ended
  if (outcome.status === 0) return outcome.output
  throw ending(`the script ended with ${outcome.status}`, outcome)
}
