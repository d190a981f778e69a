import type { HugeFile } from '../../src/model/processes/files/huge-file.ts'
import { M } from './sizes.ts'

/** A file that nobody has, with what a test says of it. */
export const hugeFile = (of: Partial<HugeFile>): HugeFile => ({
  path: '/mnt/huge/file',
  reach: of.path ?? '/mnt/huge/file',
  mount: '/mnt/huge',
  key: '00:27:100',
  pageSize: 2n * M,
  size: 8n * M,
  pages: 4n,
  links: 1n,
  uid: 0,
  gid: 0,
  mode: 0o600,
  touched: 0,
  users: [],
  state: 'left',
  covers: false,
  ...of,
})
