from django.contrib import admin
from django.urls import path

from notte_dashboard.contract.views import contract_page

urlpatterns = [path("", admin.site.admin_view(contract_page), name="contract")]
