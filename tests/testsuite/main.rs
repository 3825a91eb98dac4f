mod import;
mod import_forms;
mod import_properties;
