export { loadDirectory } from './directory.repo.ts';
export {
  type Department,
  type Directory,
  directoryFrom,
  type Facility,
  type FacilityFact,
  type FacilityProfile,
  type Practitioner,
} from './directory.ts';
export { type Equipment, listEquipment } from './equipment.repo.ts';
