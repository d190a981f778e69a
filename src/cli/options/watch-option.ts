export const intervalOption = {
  name: 'interval',
  value: 'TIME',
  help: 'look every TIME: 2 (seconds), 500ms or 1m; otherwise every 2 seconds',
}
export const withHoldersOption = { name: 'who', help: 'show who holds pages, too' }
export const lookCountOption = { name: 'count', value: 'N', help: 'end after N looks' }
export const untilOption = {
  name: 'until',
  value: 'EXPRESSION',
  help: 'end as soon as it is true: 2M.available>=512 or 1G@0.free==4',
}
export const timeoutOption = {
  name: 'timeout',
  value: 'TIME',
  help: 'with --until: end with status 5 if that takes longer',
}
