# The city's departments.

departments-title = Departments
departments-lead = Departments that people work in and that are in charge of parts of the plan.
departments-new = Add a department
departments-count = { $n ->
    [one] 1 department
   *[other] { NUMBER($n) } departments
}
departments-none = There are no departments yet
departments-none-text = Where the plan's document names no departments, they are added here. Then you can invite reporters and heads into them and put them in charge of parts of the plan.
departments-name = Name
departments-name-hint = Residents see this name as well.
departments-name-missing = Write the department's name.
departments-name-taken = There is already a department called "{ $name }".
departments-contact = Contact
departments-no-contact = None yet
departments-people = People now
departments-from = Where from
departments-from-desk = Added here
departments-from-plan = Named by the plan's document
departments-new-lead = Residents see the contact as whom to ask. You can fill it in later.
departments-lead-desk = When you change the name or the contact, residents see it at once.
departments-lead-plan = The plan's document names this department, so its name cannot be changed. A contact that the document gives comes back when the document is updated.
departments-phone = Telephone
departments-phone-hint = For example 000-000-0000
departments-email = Mail address
departments-fax = Fax
departments-address = Place
departments-hours = Opening hours
departments-hours-hint = For example weekdays from 8:30 to 17:15
departments-number-wrong = Write the number in digits.
departments-make = Add the department
departments-save = Save
departments-removal = Remove the department
departments-removal-text = A department that was added by mistake can be removed. This cannot be undone.
departments-remove = Remove this department
departments-kept-plan = The plan's document names this department, so it cannot be removed.
departments-kept-duty = Somebody holds a role in this department, so it cannot be removed.
departments-kept-past = There are records of people who worked in this department, so it cannot be removed. If its name has changed, change it above.

said-department-made = The department was added.
said-department-changed = The department was changed.
said-department-same = Nothing was changed: it is as it was.
said-department-removed = The department was removed.

did-department-made = Added a department
did-department-changed = Changed a department
did-department-removed = Removed a department
did-measure-assigned = Put departments in charge
noun-department = Departments
subject-department = Department
detail-departments = Departments in charge
detail-departments-before = Departments before
