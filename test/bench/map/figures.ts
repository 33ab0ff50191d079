/** What one visit of a page gives. */

/** Milliseconds and MB; undefined where a page cannot do it or did not finish. */
export interface Figures {
  calibration: number
  firstPaint?: number
  fromNavigation?: number
  panWorstFrame?: number
  panLongestTask?: number
  panTasks?: number
  zoomSettled?: number
  zoomWorstFrame?: number
  clickSelected?: number
  clickPainted?: number
  statusPainted?: number
  recoloured?: number
  /** The part of `fromNavigation` in which a peer's data were read from the survey. */
  surveyRead?: number
  dragP95?: number
  dragWorstFrame?: number
  dragLongestTask?: number
  dragNeighbours?: number
  /** Until the frame around the map stands and the map can be worked with; ours only. */
  usable?: number
  heapMB?: number
  pssMB?: number
  errors: string[]
}
