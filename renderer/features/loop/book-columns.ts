/** Which columns the tables of the special records show. Data. */
export const BOOK_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  reclamation: ['parcel_id', 'project_name', 'area_m2', 'new_farmland_m2', 'accepted_on', 'acceptance_doc', 'keeper'],
  idle_case: ['parcel_id', 'contract_no', 'agreed_start', 'actual_start', 'stopped_on', 'cause', 'stage', 'finding_no'],
  standard_land: ['parcel_id', 'agreement_no', 'construction_checked_on', 'production_checked_on', 'breach'],
  freed_land: ['source', 'area_m2', 'available_on', 'project_name', 'condition'],
  small_park: ['name', 'star', 'land_m2', 'floor_area_m2', 'firms', 'industry', 'completed_on'],
  two_high: ['project_name', 'status', 'energy_tce', 'energy_doc', 'environment_doc', 'decision', 'due_date'],
  compliance_check: ['enterprise_id', 'dimension', 'result', 'department', 'deadline', 'rectified_at', 'item'],
}
