import { textOf } from '../../model/etc/octets.ts'
import {
  type DatabaseDemand,
  mysqlDemand,
  postgresDemand,
} from '../../model/processes/database-demand.ts'
import { listIfReadable, readIfReadable } from '../read-attribute.ts'
import type { Tree } from '../tree.ts'

/** Where Debian and Red Hat have the clusters of a PostgreSQL, by version and name. */
const clusters = (tree: Tree): readonly string[] => {
  const below = (directory: string) =>
    listIfReadable(tree, directory).map((name) => `${directory}/${name}`)
  return [
    ...below('/etc/postgresql').flatMap(below),
    '/var/lib/pgsql/data',
    ...below('/var/lib/pgsql').map((directory) => `${directory}/data`),
  ]
}

/** The files of a MySQL or MariaDB, the last of which wins. */
const mysqlPaths = [
  '/etc/my.cnf',
  '/etc/my.cnf.d',
  '/etc/mysql/my.cnf',
  '/etc/mysql/conf.d',
  '/etc/mysql/mysql.conf.d',
  '/etc/mysql/mariadb.conf.d',
] as const

const mysqlFiles = (tree: Tree): readonly string[] =>
  mysqlPaths.flatMap((path) =>
    path.endsWith('.d')
      ? [...listIfReadable(tree, path)]
          .filter((name) => name.endsWith('.cnf'))
          .sort()
          .map((name) => `${path}/${name}`)
      : path,
  )

/** What the databases of a machine ask for in huge pages by their files in the usual places. */
export const readDatabaseDemands = (tree: Tree): readonly DatabaseDemand[] => {
  const textAt = (file: string) => {
    const octets = readIfReadable(tree, file)
    return octets === undefined ? undefined : textOf(octets)
  }
  const postgres = [...new Set(clusters(tree))].flatMap((directory) => {
    const file = `${directory}/postgresql.conf`
    const demand = postgresDemand(textAt(file) ?? '')
    return demand === undefined ? [] : [{ file, ...demand }]
  })
  const texts = mysqlFiles(tree).map((file) => ({ file, text: textAt(file) ?? '' }))
  const demand = mysqlDemand(texts.map(({ text }) => text).join('\n'))
  const file = texts.findLast(({ text }) => mysqlDemand(text) !== undefined)?.file
  return [...postgres, ...(demand && file ? [{ file, ...demand }] : [])]
}
